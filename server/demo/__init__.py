"""A plenary to try things with: the virtual musrenbang of Kota Bekasi, 23 January 2018."""
