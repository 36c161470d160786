/** A process for hashing that ends before it begins. */
process.exit(7)
