import { expect, test } from '@jest/globals';
import { openEmbedded } from '../src/index.ts';

test('databases in memory are copies of one cluster, and share nothing', async () => {
  const [one, other] = [await openEmbedded(), await openEmbedded()];
  try {
    const cluster = 'select system_identifier::text as id from pg_control_system()';
    expect(await one.query(cluster)).toEqual(await other.query(cluster));
    await one.query('create table debate (id int)');
    await expect(other.query('select from debate')).rejects.toMatchObject({ code: '42P01' });
  } finally {
    await one.close();
    await other.close();
  }
  const third = await openEmbedded();
  try {
    await expect(third.query('select from debate')).rejects.toMatchObject({ code: '42P01' });
  } finally {
    await third.close();
  }
});
