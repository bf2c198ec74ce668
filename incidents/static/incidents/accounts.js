// A link that is shown once: copied by a button, and selected whole where it is touched.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = "Copied";
  });
});

document.querySelectorAll("[data-select]").forEach((field) => {
  field.addEventListener("focus", () => field.select());
});
