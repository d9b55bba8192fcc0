export interface Template {
  readonly name: string;
  /** What it shows of OpsRelay. */
  readonly about: string;
  readonly subject: string;
  readonly body: string;
  readonly channel: string;
  readonly priority: string;
}

/** Examples to begin with: what they say is made up, what becomes of them is not. */
export const TEMPLATES: readonly Template[] = [
  {
    name: "Double charge",
    about: "A refund, which waits for a person",
    subject: "My card was charged twice",
    body: "Hello,\n\nI ordered a desk lamp last week (order A-1007) and my card was charged twice, 25.00 EUR each. Please refund one of the two.\n\nThank you\nMary Major",
    channel: "email",
    priority: "",
  },
  {
    name: "Where is my order",
    about: "Answered from the order's status",
    subject: "Where is my order A-1007?",
    body: "Hi, my order A-1007 was to arrive on Monday and has not. Can you tell me where it is?",
    channel: "chat",
    priority: "",
  },
  {
    name: "Cannot sign in",
    about: "A password reset for the proven address",
    subject: "I cannot sign in any more",
    body: "Since this morning my password is refused, although I have not changed it. Please help me back into my account.",
    channel: "email",
    priority: "",
  },
  {
    name: "Bug report",
    about: "Filed in the bug tracker",
    subject: "The invoice download ends with an error",
    body: "When I press Download on an invoice of October the page says \"500\". The invoices of September still work. Firefox on Linux.",
    channel: "api",
    priority: "normal",
  },
  {
    name: "Service is down",
    about: "An operational action, with approval",
    subject: "payment-api answers with errors since 10:40",
    body: "Checkout fails for most customers. payment-api answers with 503 and its latency is above 4 s since 10:40 UTC. A restart of the deployment helped the last time.",
    channel: "alert",
    priority: "urgent",
  },
];
