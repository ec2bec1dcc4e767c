"""Independent judges: what others' programs say of our files, from the fresh paper to the archived one.

veraPDF and EU DSS are fetched by `./run test` (pom.xml); the programs of the command line come from the
system's packages. Where one is missing its tests are skipped, and the end of the run counts them.
"""
