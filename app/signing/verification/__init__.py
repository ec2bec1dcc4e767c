"""Door sign follows."""
