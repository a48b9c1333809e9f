// Stands in for the native @vscode/spdlog, so that VS Code's log files and output channels work uncompiled.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const levels = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  constructor(filename) {
    this.filename = filename;
    this.level = 2;
    this.raw = false;
  }
  write(level, message) {
    if (level < this.level) return;
    const line = this.raw ? message : `${new Date().toISOString()} [${levels[level]}] ${message}\n`;
    try {
      appendFileSync(this.filename, line);
    } catch (error) {
      if (error.code !== "ENOENT") throw error; // the window's log folder was deleted under a late message
    }
  }
  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {
    this.raw = false;
  }
  clearFormatters() {
    this.raw = true;
  }
  flush() {}
  drop() {}
}

async function create(_name, filename) {
  mkdirSync(dirname(filename), { recursive: true });
  return new Logger(filename);
}

// One assignment each: VS Code import()s this file, and Node finds a CommonJS module's names by that form only.
exports.version = 1;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
