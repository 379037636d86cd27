#!/usr/bin/env bash
# Writes digits.c from a table of 64 pixels (0 to 16) and a label per line, with a header line.
#
#   Sources/CDigits/generate.sh TABLE.csv > Sources/CDigits/digits.c
set -euo pipefail
awk -F, '
BEGIN {
    print "// Made by generate.sh: 1,797 images of 8 x 8 pixels, one letter a pixel (A is 0,"
    print "// Q is 16), and their labels. See LICENSE-digits.md."
    print "#include \"cdigits.h\""
    print ""
    print "const char *const cdigits_pixels ="
    letters = "ABCDEFGHIJKLMNOPQ"
}
NR > 1 {
    row = ""
    for (i = 1; i <= 64; i++) row = row substr(letters, int($i) + 1, 1)
    print "    \"" row "\""
    labels = labels int($65)
    count++
}
END {
    print "    ;"
    print ""
    print "const char *const cdigits_labels ="
    for (i = 1; i <= length(labels); i += 80) print "    \"" substr(labels, i, 80) "\""
    print "    ;"
    print ""
    print "const size_t cdigits_count = " count ";"
}' "${1:?usage: generate.sh TABLE.csv}"
