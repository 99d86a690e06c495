"""What tools/build_atlas.py is made of: formats, units of land, waters, towns."""
