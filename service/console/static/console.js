"use strict";
// Ctrl+Enter (or Cmd+Enter) in the text box scores the post; everything else works without this file.
document.getElementById("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit(document.getElementById("score"));
  }
});
