// The peer of the gateway: an express route with the one statement that the answer needs, and nothing else. DATABASE_URL.
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = express();
app.get('/v1/debates/:id', async (request, response) => {
  const { rows } = await pool.query('select * from gateway.debate where id = $1', [request.params.id]);
  response.json(rows[0]);
});
const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
