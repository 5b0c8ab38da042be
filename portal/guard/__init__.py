"""What may reach the app: names, origins, sizes, rates, times; and what every answer tells a browser."""
