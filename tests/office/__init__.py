"""Several people on one machine: who comes in, what they may ask for, and what they try instead."""
