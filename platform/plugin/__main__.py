"""The component package's process, started by Pulumi's engine."""

from mlplatform.package.host import serve

if __name__ == "__main__":
    serve()
