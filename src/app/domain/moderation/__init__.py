"""What members report, what moderators decide about it, and who is suspended."""
