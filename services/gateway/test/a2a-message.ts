import {
  type Message,
  Role,
  type SendMessageRequest,
  type StreamResponse,
  type TaskPushNotificationConfig,
} from '@a2a-js/sdk';

/** What a client of the protocol sends to have a debate. */
export function request(
  text: string,
  over: Partial<Message> = {},
  returnImmediately = false,
  taskPushNotificationConfig?: TaskPushNotificationConfig,
): SendMessageRequest {
  const part = { content: { $case: 'text' as const, value: text }, metadata: undefined, filename: '', mediaType: '' };
  return {
    tenant: '',
    message: {
      messageId: crypto.randomUUID(),
      contextId: '',
      taskId: '',
      role: Role.ROLE_USER,
      parts: [part],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
      ...over,
    },
    configuration: { acceptedOutputModes: [], taskPushNotificationConfig, returnImmediately },
    metadata: undefined,
  };
}

/** Of the event that an update is about; NaN for one that is about none. */
export const sequenceOf = ({ payload }: StreamResponse): number =>
  (payload?.value as { metadata?: { sequence?: number } } | undefined)?.metadata?.sequence ?? Number.NaN;
