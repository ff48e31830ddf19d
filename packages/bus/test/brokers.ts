/** The real brokers, if there are any. */
export const brokers = (process.env.PARLEY_TEST_KAFKA_BROKERS ?? '').split(',').filter(Boolean);
