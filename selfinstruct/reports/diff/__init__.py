"""How a diff is shown: terminal, Markdown for a pull request, one offline page, JSON. What is left out is said."""
