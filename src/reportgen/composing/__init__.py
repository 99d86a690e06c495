"""Pure passes from briefs to a bulletin: citations, typography, numbers, order, contents."""
