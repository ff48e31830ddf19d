import { type Message, Role, type SendMessageRequest, type TaskPushNotificationConfig } from '@a2a-js/sdk';

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
