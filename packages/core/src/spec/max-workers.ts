/** Largest number of workers of one job. */
export const MAX_WORKERS = 10_000;
