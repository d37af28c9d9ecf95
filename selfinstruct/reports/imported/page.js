"use strict"; // the page shows without it
