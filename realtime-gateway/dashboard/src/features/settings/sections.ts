import { Bell, BookOpen, Bot, Cpu, MessageSquareText, Palette, Plug, Scale, Tags, UsersRound, Webhook, Workflow, Wrench, type LucideIcon } from "lucide-react";

export interface SectionEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly icon: LucideIcon;
  /** The services let nobody else read it. */
  readonly adminsOnly?: boolean;
}

export const GROUPS: readonly { readonly name: string; readonly sections: readonly SectionEntry[] }[] = [
  {
    name: "Agent",
    sections: [
      { id: "workflow", title: "Workflow", icon: Workflow, description: "How the agent works on a ticket, what it may use, and what that may cost." },
      { id: "employees", title: "AI employees", icon: Bot, description: "The names under which the agent works: their role, tone, tools and languages." },
      { id: "models", title: "Models", icon: Cpu, description: "The language models that a workflow may name: who serves them, what they cost, how they are." },
      { id: "tools", title: "Tools", icon: Wrench, description: "What the agent can call: the built-in tools, your HTTP endpoints and MCP servers." },
      { id: "knowledge", title: "Knowledge base", icon: BookOpen, description: "What replies rest on. Facts in a reply must come from an article." },
      { id: "classifier", title: "Classifier", icon: Tags, description: "Your own categories: labelled examples, training, and how well it went." },
    ],
  },
  {
    name: "Desk",
    sections: [
      { id: "canned-replies", title: "Canned replies", icon: MessageSquareText, description: "What people answer again and again. In a ticket, Ctrl and . while one writes, or c, puts one into the reply." },
    ],
  },
  {
    name: "Decisions",
    sections: [
      { id: "policies", title: "Policies", icon: Scale, adminsOnly: true, description: "Which actions go at once, which need people, and which are never done. The first rule that fits decides; what none fits is denied." },
    ],
  },
  {
    name: "Connections",
    sections: [
      { id: "channels", title: "Channels", icon: Plug, adminsOnly: true, description: "The ways in and out: e-mail doors, mailboxes, mail servers, topics and ticket systems." },
      { id: "webhooks", title: "Webhooks", icon: Webhook, adminsOnly: true, description: "Addresses of yours that are told what happens, signed, and tried again until they answer." },
      { id: "notifications", title: "E-mail notices", icon: Bell, adminsOnly: true, description: "Who is told by e-mail. A notice tells; to decide, a person signs in." },
    ],
  },
  {
    name: "Workspace",
    sections: [
      { id: "users", title: "Users and roles", icon: UsersRound, adminsOnly: true, description: "Who may sign in, as the issuer of their tokens says." },
      { id: "appearance", title: "Appearance", icon: Palette, description: "How the dashboard looks, and how often it reads, on this device." },
    ],
  },
];

export const SECTIONS = GROUPS.flatMap(({ sections }) => sections);
