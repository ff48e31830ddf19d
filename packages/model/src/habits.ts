import type { Forms } from './refusable.ts';

/** Remembered models of one server. Names come from callers, so they may be many. */
const modelLimit = 1_000;

/** What a server has shown of each of its models, for the life of this process. */
export interface Habits {
  formsOf(model: string): Forms;
  rememberForms(model: string, forms: Forms): void;
  /** Names of the fields that do not have their first form any more. */
  refusedFields(model: string): readonly string[];
  /** Whether the model has spent an answer on thoughts, so that it needs room for them. */
  needsRoom(model: string): boolean;
  rememberRoom(model: string): void;
  /** Whether the server has refused tools for the model. */
  lacksTools(model: string): boolean;
  rememberLackOfTools(model: string): void;
}

interface Habit {
  readonly forms: Forms;
  readonly needsRoom: boolean;
  readonly lacksTools: boolean;
}

const none: Habit = { forms: {}, needsRoom: false, lacksTools: false };

export function createHabits(): Habits {
  const habits = new Map<string, Habit>();
  const of = (model: string): Habit => habits.get(model) ?? none;
  const remember = (model: string, more: Partial<Habit>): void => {
    const habit = { ...of(model), ...more };
    habits.delete(model);
    habits.set(model, habit);
    for (const oldest of habits.keys()) {
      if (habits.size <= modelLimit) break;
      habits.delete(oldest);
    }
  };
  return {
    formsOf: (model) => of(model).forms,
    rememberForms: (model, forms) => remember(model, { forms }),
    refusedFields: (model) => {
      const { forms } = of(model);
      return Object.keys(forms).filter((name) => (forms[name] ?? 0) > 0);
    },
    needsRoom: (model) => of(model).needsRoom,
    rememberRoom: (model) => remember(model, { needsRoom: true }),
    lacksTools: (model) => of(model).lacksTools,
    rememberLackOfTools: (model) => remember(model, { lacksTools: true }),
  };
}
