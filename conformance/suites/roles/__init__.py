"""The role of a user, in every form it is sent in (design: one role per user at SolarWinds Service Desk)."""
