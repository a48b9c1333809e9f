/** For those who do not know what can be asked; each is answered without a model. */
export const exampleQuestions = [
  "what is missing?",
  "where is POST /orders implemented?",
  "which tables have no index?",
  "explain error ORDER_NOT_FOUND",
] as const;
