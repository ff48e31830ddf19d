// The floor: a loop that writes each turn with one INSERT and its own commit. It cannot resume, dedupe or fan out.
import { judge, rounds, sides, speak, turns } from './debate.mjs';
import { measure, openDatabase } from './measure.mjs';

const schema = 'peer_bare';
const pool = await openDatabase(schema);
await pool.query(`
  create table ${schema}.turn (
    debate text, seq int, who text not null, text text not null, at timestamptz not null default now(),
    primary key (debate, seq)
  )`);
const insert = { name: 'insert', text: `insert into ${schema}.turn (debate, seq, who, text) values ($1, $2, $3, $4)` };

async function run(id) {
  const said = [];
  for (let round = 1; round <= rounds; round++) {
    for (const who of sides) {
      const text = await speak(who, said.length + 1);
      said.push({ who, text });
      await pool.query({ ...insert, values: [id, said.length, who, text] });
    }
  }
  const verdict = await judge(said);
  await pool.query({ ...insert, values: [id, said.length + 1, 'judge', JSON.stringify(verdict)] });
  return { turns: said, verdict };
}

async function verify(ids) {
  const { rows } = await pool.query(
    `select count(*)::int as n from (
       select debate from ${schema}.turn where debate = any ($1)
       group by debate having count(*) = $2 and bool_or(who = 'judge')
     ) as whole`,
    [ids, turns + 1],
  );
  if (rows[0].n !== ids.length) throw new Error(`${rows[0].n} of ${ids.length} debates are whole in the database.`);
}

await measure('bare-loop', { run, verify });
await pool.query(`drop schema ${schema} cascade`);
await pool.end();
