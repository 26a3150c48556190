"""Reference files that ship with the suite. `units_110105.csv` lists the units of Chaoyang as of 2023-06-30."""
