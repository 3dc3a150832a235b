"""Pure functions from outcomes to numbers. Nothing here reads a file or asks the assistant."""
