"""What several endpoints or services share and no domain owns."""
