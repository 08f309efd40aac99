print("muybridge")
