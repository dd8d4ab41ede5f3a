"""What the API takes in and gives out, validated once, at the edge."""
