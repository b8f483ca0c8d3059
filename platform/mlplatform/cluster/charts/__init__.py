"""Third parties' charts: pinned versions, kinds, images, and the values that exist. One file per chart in `data`."""
