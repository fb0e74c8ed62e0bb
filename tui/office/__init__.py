"""An office: several people on one machine, under one account, vouched for by the operating system."""
