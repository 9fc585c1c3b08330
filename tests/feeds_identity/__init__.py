"""Who is new: keys, likeness, rulings. Pure, so the tests are too."""
