// The embedded handwritten digits: 8 x 8 pixels with values from 0 to 16.
#pragma once
#include <stddef.h>

/// 64 letters an image, rows from the top: 'A' is 0, 'Q' is 16.
extern const char *const cdigits_pixels;
/// A digit an image.
extern const char *const cdigits_labels;
extern const size_t cdigits_count;
