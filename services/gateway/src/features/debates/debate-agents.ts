import { type DebateSummary, debateKind, noteBody, type Side, startDebateBody } from '@parley/contracts/debate';
import { BadRequest, parse } from '@parley/runtime/problem.ts';
import type { Presented } from '../../domain/presented.ts';
import { wordsOf } from '../../domain/transcript.ts';
import type { AgentPort, Asked } from '../../streams/agent-port.ts';
import { createAgentReads, type Restricted } from '../../streams/agent-reads.ts';
import type { Streams } from '../../streams/streams.ts';
import { summaryOf } from './debate-listing.ts';
import { pieceOfTurn, presentDebate } from './debate-presented.ts';
import type { Debates } from './debates.ts';

interface DebateAgent extends Pick<AgentPort, 'name' | 'title' | 'description'> {
  /** Whose turns it shows; of a whole debate those of both. */
  readonly side?: Side;
}

/** The whole debate, or one round of it and what one debater said there. */
const agents: readonly DebateAgent[] = [
  {
    name: 'debate',
    title: 'Parley',
    description: 'A whole debate: both teams until nothing new is said, and the verdict.',
  },
  {
    name: 'debater-a',
    title: 'Parley debater A',
    description: 'What Team A says for a topic, in a debate of one round.',
    side: 'pro',
  },
  {
    name: 'debater-b',
    title: 'Parley debater B',
    description: 'What Team B says against a topic, in a debate of one round.',
    side: 'con',
  },
];

const shown = { kind: debateKind, present: presentDebate, piece: pieceOfTurn };

/** Debates, and each debater of one, as agents that any protocol asks by name. */
export function debateAgents(debates: Debates, streams: Streams): readonly AgentPort[] {
  return agents.map(({ side, ...named }): AgentPort => {
    // A debate asks nothing back: what is said to it is a note to both sides.
    const say: AgentPort['say'] = async (context, id, words) => {
      await debates.control(context, id, 'notes', parse(noteBody, { text: topicOf(words) }, 'body'));
    };
    return {
      ...named,
      ...createAgentReads(streams, shown, onlyOf(side)),
      examples: ['The impact of AI on the job market'],
      hasTools: true,
      async start(context, asked) {
        return (await debates.start(context, debateOf(asked, side))).response as DebateSummary;
      },
      say,
      answer: say,
      async cancel(context, id) {
        await debates.control(context, id, 'cancel', {});
      },
    };
  });
}

/** One debater's part takes one round. @throws BadRequest */
function debateOf({ words, settings, field, called }: Asked, side: Side | undefined) {
  const topic = topicOf(words);
  const checked = startDebateBody.shape.topic.safeParse(topic);
  if (!checked.success) {
    throw new BadRequest('body', [{ field, message: `${called} is the topic: ${checked.error.issues[0]?.message}` }]);
  }
  const rounds = side === undefined ? {} : { maxRounds: 1, minRounds: 1 };
  return parse(startDebateBody, { ...(settings as object | undefined), ...rounds, topic }, 'body');
}

/** A topic is one line, whatever it was written in. */
function topicOf(words: readonly string[]): string {
  return words.join(' ').replace(/\s+/g, ' ').trim();
}

/** Of one side only its turns are shown, without headings, and nothing that is said of the debate. */
function onlyOf(side: Side | undefined): Restricted {
  return {
    present(presented): Presented {
      if (side === undefined) return presented;
      const { words: _, progress: __, message: ___, artifact, ...rest } = presented;
      return artifact?.metadata.side === side ? { ...rest, artifact: { ...artifact, ...bare } } : rest;
    },
    piece: (piece) => (side === undefined ? piece : piece.metadata.side === side ? { ...piece, ...bare } : undefined),
    standing(row) {
      const { verdict, stopReason } = summaryOf(row);
      if (side === undefined && verdict !== null) return wordsOf({ type: 'verdict-given.v1', data: { verdict } });
      return stopReason === null ? undefined : `Stopped: ${stopReason}.`;
    },
  };
}
const bare = { before: '', after: '' };
