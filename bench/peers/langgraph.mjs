// LangGraph.js as its documentation shows it: a state graph with the Postgres checkpointer at its default durability.
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { check, judge, speak, turns } from './debate.mjs';
import { measure, openDatabase } from './measure.mjs';

const schema = 'peer_langgraph';
const pool = await openDatabase(schema);
const checkpointer = new PostgresSaver(pool, undefined, { schema });
await checkpointer.setup();

const State = Annotation.Root({
  turns: Annotation({ reducer: (said, more) => said.concat(more), default: () => [] }),
  verdict: Annotation({ reducer: (_, verdict) => verdict, default: () => null }),
});
const turnOf = (who) => async (state) => ({ turns: [{ who, text: await speak(who, state.turns.length + 1) }] });
const graph = new StateGraph(State)
  .addNode('pro', turnOf('pro'))
  .addNode('con', turnOf('con'))
  .addNode('judge', async (state) => ({ verdict: await judge(state.turns) }))
  .addEdge(START, 'pro')
  .addEdge('pro', 'con')
  .addConditionalEdges('con', (state) => (state.turns.length < turns ? 'pro' : 'judge'), ['pro', 'judge'])
  .addEdge('judge', END)
  .compile({ checkpointer });
const thread = (id) => ({ configurable: { thread_id: id }, recursionLimit: turns + 10 });

async function verify(ids) {
  const { rows } = await pool.query(
    `select count(distinct thread_id)::int as n from ${schema}.checkpoints where thread_id = any ($1)`,
    [ids],
  );
  if (rows[0].n !== ids.length) throw new Error(`${rows[0].n} of ${ids.length} debates are in the database.`);
  // Read back whole: reading every one would take as long as the measurement.
  for (const id of ids.slice(-5)) check((await graph.getState(thread(id))).values);
}

await measure('langgraph-postgres', { run: (id) => graph.invoke({ turns: [] }, thread(id)), verify });
await pool.query(`drop schema ${schema} cascade`);
await pool.end();
