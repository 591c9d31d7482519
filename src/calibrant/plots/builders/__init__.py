"""From predictions to figures: results are computed here and handed to the functions that draw them."""
