package io.opsrelay.benchmarks;

/** One benchmark that {@link Main} can run. */
interface Bench {

    /** What it is called on the command line. */
    String name();

    /** One line for the list of benchmarks. */
    String summary();

    /** Its options with their defaults, one per line; empty if it has none. */
    String usage();

    /**
     * Runs it and prints its figures to standard output, progress to standard error.
     *
     * @return the process's exit code: 0 if what was measured is sound, 1 if something was lost or wrong
     * @throws UsageException for options that it does not know or understand
     * @throws Exception if it could not measure
     */
    int run(Options options) throws Exception;
}
