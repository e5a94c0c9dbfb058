/** A message that the platform sent. It does not change. */
export interface Message {
  readonly messageId: string;
  readonly creativeId: string | null;
  readonly campaignId: string | null;
}

/** A click on a link of a message. It does not change. */
export interface Click {
  readonly clickId: string;
  readonly messageId: string;
  readonly clickedAt: Date;
  readonly isBot: boolean;
}
