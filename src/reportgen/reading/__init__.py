"""From a brief's file to the model: encoding, front matter, heading, byline, body."""
