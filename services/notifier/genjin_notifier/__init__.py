"""The notifier: reads each workspace's log and delivers its events to the webhook subscriptions."""
