urlpatterns = []
app_name = "tickets"
