"""Azure: AKS, Blob Storage, Azure Machine Learning, Azure Monitor. Importing this imports no SDK."""
