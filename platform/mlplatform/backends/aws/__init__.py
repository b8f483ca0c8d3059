"""AWS: accounts and regions, EKS, S3, SageMaker, CloudWatch. Importing this imports no SDK."""
