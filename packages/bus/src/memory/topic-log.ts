import type { Message } from '@parley/contracts';
import { Cursor, type OnFailure } from './cursor.ts';
import type { Member } from './member.ts';
import { PartitionLog, partitionOf, type Ticket } from './partition-log.ts';

interface Group {
  readonly members: Member[];
  readonly cursors: readonly Cursor[];
}

/** One topic: its partitions, and the groups that read them. A group is known for ever, with or without members. */
export class TopicLog {
  private readonly partitions: readonly PartitionLog[];
  private readonly groups = new Map<string, Group>();
  /** Each partition's end when its groups were last told. */
  private readonly told: number[];

  constructor(name: string, partitions: number, retained: number) {
    this.partitions = Array.from({ length: partitions }, (_, i) => new PartitionLog(name, i, retained));
    this.told = this.partitions.map(() => 0);
  }

  append(messages: readonly Message[], ticket: Ticket): void {
    for (const message of messages)
      this.partitions[partitionOf(message.subject, this.partitions.length)]?.append(message);
    for (const [i, log] of this.partitions.entries()) {
      if (log.end === this.told[i]) continue;
      this.told[i] = log.end;
      for (const cursor of log.cursors) {
        cursor.await(ticket);
        cursor.offer();
      }
      if (log.cursors.length === 0) log.trim();
    }
  }

  /** The group of that name; a new one starts at the oldest retained message. */
  group(name: string, onFailure: OnFailure): Group {
    const known = this.groups.get(name);
    if (known) return known;
    const cursors = this.partitions.map((log) => {
      const cursor = new Cursor(log, onFailure);
      log.cursors.push(cursor);
      return cursor;
    });
    const made: Group = { members: [], cursors };
    this.groups.set(name, made);
    return made;
  }

  join(group: Group, member: Member): void {
    group.members.push(member);
    share(group);
  }

  leave(group: Group, member: Member): void {
    const at = group.members.indexOf(member);
    if (at < 0) return;
    group.members.splice(at, 1);
    share(group);
  }

  close(): void {
    for (const { cursors } of this.groups.values()) for (const cursor of cursors) cursor.close();
  }
}

/** Deals the partitions out among the members in turn; without members (`x % 0` is NaN) nobody owns them. */
function share({ members, cursors }: Group): void {
  for (const [i, cursor] of cursors.entries()) cursor.assign(members[i % members.length]);
}
