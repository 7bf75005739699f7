import ArgumentParser
print("origin")
