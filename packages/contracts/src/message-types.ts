import type { z } from 'zod';
import { accuracyCheckedV1 } from './debate/accuracy-checked.v1.ts';
import { addNoteV1 } from './debate/add-note.v1.ts';
import { cancelDebateV1 } from './debate/cancel-debate.v1.ts';
import { debateClosedV1 } from './debate/debate-closed.v1.ts';
import { debatePausedV1 } from './debate/debate-paused.v1.ts';
import { debateResumedV1 } from './debate/debate-resumed.v1.ts';
import { debateStartedV1 } from './debate/debate-started.v1.ts';
import { debateStoppedV1 } from './debate/debate-stopped.v1.ts';
import { judgePolledV1 } from './debate/judge-polled.v1.ts';
import { judgingFailedV1 } from './debate/judging-failed.v1.ts';
import { modelWaitingV1 } from './debate/model-waiting.v1.ts';
import { noteAddedV1 } from './debate/note-added.v1.ts';
import { pauseDebateV1 } from './debate/pause-debate.v1.ts';
import { replayDebateV1 } from './debate/replay-debate.v1.ts';
import { replayFailedV1 } from './debate/replay-failed.v1.ts';
import { replayFinishedV1 } from './debate/replay-finished.v1.ts';
import { replayStartedV1 } from './debate/replay-started.v1.ts';
import { replayWaitingV1 } from './debate/replay-waiting.v1.ts';
import { resumeDebateV1 } from './debate/resume-debate.v1.ts';
import { startDebateV1 } from './debate/start-debate.v1.ts';
import { turnReceivedV1 } from './debate/turn-received.v1.ts';
import { turnRecordedV1 } from './debate/turn-recorded.v1.ts';
import { turnRejectedV1 } from './debate/turn-rejected.v1.ts';
import { verdictGivenV1 } from './debate/verdict-given.v1.ts';
import { deltaV1 } from './debater/delta.v1.ts';
import { turnFailedV1 } from './debater/turn-failed.v1.ts';
import { turnRepliedV1 } from './debater/turn-replied.v1.ts';
import type { Message } from './message.ts';
import { serviceStatusV1 } from './spine/service-status.v1.ts';
import { streamParkedV1 } from './spine/stream-parked.v1.ts';
import { streamUnparkedV1 } from './spine/stream-unparked.v1.ts';
import { unparkStreamV1 } from './spine/unpark-stream.v1.ts';

/** Every message type and version, with the schema of its data. */
export const messageTypes = {
  'start-debate.v1': startDebateV1,
  'cancel-debate.v1': cancelDebateV1,
  'pause-debate.v1': pauseDebateV1,
  'resume-debate.v1': resumeDebateV1,
  'add-note.v1': addNoteV1,
  /** The name of `add-note.v1` in the release before this one; accepted, not sent. */
  'interject.v1': addNoteV1,
  'debate-started.v1': debateStartedV1,
  'turn-recorded.v1': turnRecordedV1,
  'turn-received.v1': turnReceivedV1,
  'turn-rejected.v1': turnRejectedV1,
  'debate-paused.v1': debatePausedV1,
  'debate-resumed.v1': debateResumedV1,
  'note-added.v1': noteAddedV1,
  'model-waiting.v1': modelWaitingV1,
  'debate-stopped.v1': debateStoppedV1,
  'judge-polled.v1': judgePolledV1,
  'judging-failed.v1': judgingFailedV1,
  'verdict-given.v1': verdictGivenV1,
  'debate-closed.v1': debateClosedV1,
  'accuracy-checked.v1': accuracyCheckedV1,
  'replay-debate.v1': replayDebateV1,
  'replay-started.v1': replayStartedV1,
  'replay-waiting.v1': replayWaitingV1,
  'replay-finished.v1': replayFinishedV1,
  'replay-failed.v1': replayFailedV1,
  'turn-replied.v1': turnRepliedV1,
  'turn-failed.v1': turnFailedV1,
  'delta.v1': deltaV1,
  'stream-parked.v1': streamParkedV1,
  'stream-unparked.v1': streamUnparkedV1,
  'unpark-stream.v1': unparkStreamV1,
  'service-status.v1': serviceStatusV1,
} as const;
export type MessageType = keyof typeof messageTypes;
type DataOf<T extends MessageType> = z.infer<(typeof messageTypes)[T]>;

/** One message with its type known: the form that domains take in and give out. */
export type Fact<T extends MessageType = MessageType> = {
  [K in T]: { readonly type: K; readonly data: DataOf<K> };
}[T];

export type ReadFact = { readonly ok: true; readonly fact: Fact } | { readonly ok: false; readonly reason: string };

/** Checks a message's data against the schema of its type. Never throws. */
export function readFact(message: Pick<Message, 'type' | 'data'>): ReadFact {
  if (!Object.hasOwn(messageTypes, message.type))
    return {
      ok: false,
      reason: `type ${message.type} is unknown to this build`,
    };
  const type = message.type as MessageType;
  const parsed = messageTypes[type].safeParse(message.data);
  if (parsed.success) return { ok: true, fact: { type, data: parsed.data } as Fact };
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.message}`);
  return { ok: false, reason: where.join('; ') };
}
