"""The five columnar tables that everything is counted from."""
