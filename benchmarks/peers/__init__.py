"""Libraries that a user would pick instead, each with the same model on the same passages and questions."""
