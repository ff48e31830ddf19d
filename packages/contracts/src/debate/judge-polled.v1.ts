import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { verdictGivenV1 } from './verdict-given.v1.ts';

/** The judge was asked before the end, and no side was clearly ahead. Its verdict counts for nothing. */
export const judgePolledV1 = defineMessage(
  'judge-polled.v1',
  verdictGivenV1.data.extend({
    round: z.int().min(1).describe('The last of the whole rounds that were judged.'),
  }),
);
export type JudgePolledV1 = z.infer<typeof judgePolledV1.data>;
