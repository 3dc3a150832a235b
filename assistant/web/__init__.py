"""The web: addresses → bytes, from public servers only and within limits."""
