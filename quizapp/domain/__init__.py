"""What is true about learning: pure values and functions, without clock, network or storage."""
