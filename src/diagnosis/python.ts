/** Python has no bound of its own: the number of workers is what can be set. */
import { languageFinding } from './language.ts'
import type { Rule } from './rule.ts'

const programs = /^(?:python(?:\d(?:\.\d{1,2})?)?|gunicorn(?:: .*)?|uvicorn|celery|uwsgi)$/

export const python: Rule = {
  code: 'python',
  examine: ({ incident }) =>
    languageFinding(incident, {
      name: 'Python',
      isCrowd: true,
      isIts: comm => programs.test(comm),
      meaning: 'it has no bound of its own that would keep it below',
      advice:
        'Set the number of workers by the limit, let them be replaced now and then (gunicorn --max-requests, celery --max-memory-per-child), and find growth with tracemalloc.',
      references: ['gunicorn: --max-requests', 'python: tracemalloc'],
    }),
}
