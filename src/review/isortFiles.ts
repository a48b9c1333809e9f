/** Beside `pyproject.toml`, in the order in which isort looks for its settings. */
export const isortFiles = [".isort.cfg", "setup.cfg", "tox.ini"] as const;
