/** What is said before there is a hall to show. */
import { h } from './text';

export const gateWords = () => ({
  exchanging: h('gate.exchanging'),
  connecting: h('gate.connecting'),
  detail: h('gate.detail'),
  ended: h('gate.ended'),
  endedDetail: h('gate.ended.detail'),
});

/** The card is nobody's hall. */
export const noHall = () => ({ title: h('gate.role'), detail: h('gate.role.detail'), wrong: true });
