import { pglite } from './databases.ts';
import { spineContract } from './spine-contract.ts';

spineContract(pglite);
